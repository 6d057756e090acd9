"""Finding communities and looking at one."""
