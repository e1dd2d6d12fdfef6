"""Every change to Rasa 3.6.21 itself."""
