"""The ground without domain: settings, database, errors, jobs, mail, and the Flask half in ``web``."""
