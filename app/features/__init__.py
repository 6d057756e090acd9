"""What people do here; one folder each, lowest first. See DESIGN in docs/architecture.md."""
