"""How well the ranking of partners tells who works with whom next, beside what else could be done."""
