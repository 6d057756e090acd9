"""OAI-PMH 2.0: what a request asks for, and the answers in XML. Nothing here asks the database or knows the web."""
