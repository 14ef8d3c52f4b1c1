"""Dateline: a Telegram bot that relays live updates, keeps them true, and answers who said what."""
