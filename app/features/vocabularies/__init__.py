"""The vocabularies everyone describes themselves with: subjects, levels, places, languages, activities, types."""
