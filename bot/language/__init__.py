"""Reading and comparing text without Rasa: spelling, phrases, personal details, embeddings."""
