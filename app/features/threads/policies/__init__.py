"""Who may do what in threads. Facts come loaded."""

from app.features.threads.policies.pairs import can_read, is_shown, obstacle_to_post, side_of

__all__ = ["can_read", "is_shown", "obstacle_to_post", "side_of"]
