"""The match index over several PostgreSQL databases: candidates by GIN on facet arrays, sharded by working language.

Each shard holds the profiles that work in its languages: a row for each (what it has as an array of integers under a
GIN index, what it wants, what it speaks, and its columns as bytes) and, for counting, the list of each feature. What
changed since the last build is held by each process beside it, as with the index in one file. Answers are the same.
"""
