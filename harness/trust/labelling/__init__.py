"""Labels of people: which pairs they are asked, and what they said."""
