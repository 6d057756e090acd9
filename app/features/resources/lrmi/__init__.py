"""LRMI as schema.org JSON-LD: writing resources, and reading what others wrote in its many shapes."""

from app.features.resources.lrmi.parsing import MOST_BYTES, Unreadable, read_document
from app.features.resources.lrmi.reading import MOST_RECORDS, Understood, read_records
from app.features.resources.lrmi.writing import write_collection, write_record

__all__ = [
    "MOST_BYTES",
    "MOST_RECORDS",
    "Understood",
    "Unreadable",
    "read_document",
    "read_records",
    "write_collection",
    "write_record",
]
