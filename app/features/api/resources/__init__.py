"""The operations of the API, split by topic; `app.features.api.routes` says where each is reached."""
