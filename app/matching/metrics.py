"""How good lists of suggestions are: many of them at once, each a row of hits in the order of its list.

Q lists of K places: ``hits`` says for each place whether what stands there is right, shape (Q, K); ``relevant`` how
many would be right for each list, shape (Q,). All figures have the shape (Q,).
"""

import numpy as np
import numpy.typing as npt

Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int64]
Figures = npt.NDArray[np.float64]


def recall_of(hits: Flags, relevant: Counts) -> Figures:
    """Return which part of what would be right is on each list; 1 where nothing would be.

    >>> recall_of(np.array([[True, False, True]]), np.array([4])).tolist()
    [0.5]
    """
    found: Figures = np.where(relevant > 0, hits.sum(axis=1) / np.maximum(relevant, 1), 1.0)
    return found


def ndcg_of(hits: Flags, relevant: Counts, count: int) -> Figures:
    """Return the NDCG of the first ``count`` places (Järvelin and Kekäläinen 2002), with gains of 0 and 1.

    The ideal list begins with ``min(relevant, count)`` hits; 1 where there is none.

    >>> ndcg_of(np.array([[False, True]]), np.array([1]), 2).round(3).tolist()
    [0.631]
    """
    discount = 1 / np.log2(np.arange(2, count + 2))
    ideal = np.concatenate([[0.0], np.cumsum(discount)])[np.minimum(relevant, count)]
    reached = hits[:, :count] @ discount[: hits.shape[1]]
    found: Figures = np.where(ideal > 0, reached / np.maximum(ideal, 1e-9), 1.0)
    return found


def reciprocal_rank_of(hits: Flags) -> Figures:
    """Return one over the place of the first hit of each list; 0 for a list without one.

    >>> reciprocal_rank_of(np.array([[False, True, True], [False, False, False]])).tolist()
    [0.5, 0.0]
    """
    if not hits.shape[1]:
        return np.zeros(len(hits))
    found: Figures = hits.any(axis=1) / (hits.argmax(axis=1) + 1.0)
    return found


def hit_of(hits: Flags) -> Figures:
    """Return for each list 1 if anything in it is right.

    >>> hit_of(np.array([[False, True], [False, False]])).tolist()
    [1.0, 0.0]
    """
    return np.asarray(hits.any(axis=1), dtype=np.float64)
