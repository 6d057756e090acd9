"""Rivals that learn a few numbers of each organisation: ALS and BPR of `implicit`, and LightFM.

All are given the table of who worked with whom, each organisation standing on both sides. The libraries are
development requirements and are loaded when asked for.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

import numpy as np

from app.matching.partnerships.history import Integers
from app.matching.partnerships.protocol import Scores
from app.matching.partnerships.rivals.past import Past
from app.matching.partnerships.rivals.rival import Rival, Settings, number
from app.matching.threads import one_thread


class Factors(Rival):
    """Scores are products of two tables of factors; those of nobody seen stay zero."""

    def __init__(self, past: Past, settings: Settings, seed: int) -> None:
        seen = past.candidates
        asking, offered = self.learn(past, settings, seed)
        self._asking = np.zeros((past.count, asking.shape[1]), dtype=np.float32)
        self._offered = np.zeros((past.count, offered.shape[1]), dtype=np.float32)
        self._asking[seen], self._offered[seen] = asking, offered

    def learn(self, past: Past, settings: Settings, seed: int) -> tuple[Scores, Scores]:
        """Return the factors of those seen as askers and as suggestions, both (n, F)."""
        raise NotImplementedError

    def scores(self, queries: Integers) -> Scores:
        """Return the products."""
        found: Scores = self._asking[queries] @ self._offered.T
        return found


def _among_seen(past: Past, links: str) -> Any:
    table = past.partners if links == "counted" else past.links
    return table[past.candidates][:, past.candidates].tocsr().astype(np.float32)


class Implicit(Factors):
    """A model of the library `implicit`, whose names the settings bear; ``links``: once, or as often as counted."""

    links: ClassVar[str]

    @staticmethod
    @abstractmethod
    def model() -> Any:
        """Return the class of the model, loading the library."""

    def learn(self, past: Past, settings: Settings, seed: int) -> tuple[Scores, Scores]:
        """Fit on who worked with whom."""
        kind = self.model()
        with one_thread():
            model = kind(**settings, random_state=seed, num_threads=1)
            model.fit(_among_seen(past, self.links), show_progress=False)
        return model.user_factors, model.item_factors


class AlternatingLeastSquares(Implicit):
    """Alternating least squares (Hu, Koren and Volinsky 2008), on how often two worked together."""

    links = "counted"
    grid = tuple(
        {"factors": factors, "alpha": 1.0, "regularization": regularization, "iterations": 15}
        for factors in (8, 32)
        for regularization in (10.0, 30.0, 50.0, 100.0)
    )

    @staticmethod
    def model() -> Any:
        """Return the one of `implicit` that needs no graphics card."""
        from implicit.cpu.als import AlternatingLeastSquares as Model

        return Model


class BayesianPersonalisedRanking(Implicit):
    """Partners above strangers, pair by pair (Rendle et al. 2009), on who worked with whom."""

    links = "once"
    grid = tuple(
        {"factors": 24, "learning_rate": rate, "regularization": regularization, "iterations": 60}
        for rate in (0.005, 0.01)
        for regularization in (0.03, 0.06)
    )

    @staticmethod
    def model() -> Any:
        """Return the one of `implicit` that needs no graphics card."""
        from implicit.cpu.bpr import BayesianPersonalizedRanking as Model

        return Model


class LightFM(Factors):
    """Factors of organisations and of what they are: country, type, programmes (Kula 2015), by the library LightFM."""

    grid = tuple(
        {"loss": "warp", "factors": 16, "penalty": penalty, "features": features, "epochs": 10, "max_sampled": 50}
        for features, penalty in (("none", 1e-4), ("all", 0.003), ("all", 0.01), ("all", 0.02))
    )

    def learn(self, past: Past, settings: Settings, seed: int) -> tuple[Scores, Scores]:
        """Fit on who worked with whom, with or without features on both sides; biases become two more factors."""
        from lightfm import LightFM as Model

        features = _features(past) if settings["features"] == "all" else None
        with one_thread():
            model = Model(
                no_components=int(number(settings, "factors")),
                loss=str(settings["loss"]),
                user_alpha=number(settings, "penalty"),
                item_alpha=number(settings, "penalty"),
                max_sampled=int(number(settings, "max_sampled")),
                random_state=seed,
            )
            model.fit(
                _among_seen(past, "once").tocoo(),
                user_features=features,
                item_features=features,
                epochs=int(number(settings, "epochs")),
                num_threads=1,
            )
        _own, asking = model.get_user_representations(features)
        biases, offered = model.get_item_representations(features)
        ones = np.ones((len(asking), 1), dtype=np.float32)
        return np.hstack([asking, ones]), np.hstack([offered, biases[:, None]])


def _features(past: Past) -> Any:
    from scipy import sparse

    seen = past.candidates
    parts = [past.in_country[seen], past.of_type[seen], past.programmes[seen].sign()]
    return sparse.hstack([sparse.identity(len(seen)), *parts]).tocsr().astype(np.float32)
