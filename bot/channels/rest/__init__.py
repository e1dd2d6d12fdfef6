"""The REST channel of the web page and of programs: Rasa's own shape, safe to put on the open web."""
