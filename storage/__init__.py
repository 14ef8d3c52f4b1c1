"""The store: everything Dateline knows, and one short method for each question it asks.

models.py    the nouns, as frozen pydantic models; the vocabulary of the whole program
"""
