"""The sample world: real institutions by their public facts, made-up people and institutions marked as samples."""
