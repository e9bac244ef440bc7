"""How a sample is laid out: provinces, districts, communes, villages and how many people are asked in each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from quantri.errors import DesignError

LARGE, MEDIUM = ("01", "79"), ("38", "40", "82", "89")


@dataclass(frozen=True, kw_only=True)
class Villages:
    """The sampled villages, province by province; V villages.

    Parameters
    ----------
    unit, district, commune : ndarray of int, shape (V,)
        Numbers of the province, district and commune, each from 0 through the whole sample.
    stratum, psu, ssu, village : tuple of str, length V
        Labels, each unique in the whole sample.
    fpc, fpc2 : ndarray of int, shape (V,)
        PSUs in the population of the stratum, and second-stage units in that of the PSU.
    size : ndarray of int, shape (V,)
        People asked.
    """

    unit: NDArray[np.int64]
    district: NDArray[np.int64]
    commune: NDArray[np.int64]
    stratum: tuple[str, ...]
    psu: tuple[str, ...]
    ssu: tuple[str, ...]
    village: tuple[str, ...]
    fpc: NDArray[np.int64]
    fpc2: NDArray[np.int64]
    size: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class SampleLayout:
    """Numbers of districts, communes, villages and people, sampled and in all.

    Parameters
    ----------
    units : tuple of str
        Codes of the U provinces.
    districts : tuple of int
        Sampled districts in each province, those taken with certainty included.
    districts_in_all : tuple of int
        Districts that each province has.
    respondents : tuple of int
        People asked in each village of each province, before `n_respondents` scales them.
    certainty : int
        Districts of each province that are in the sample with certainty. Each is a stratum of its own, and its
        communes are the PSUs; the other districts are one stratum, and they themselves are the PSUs.
    communes, communes_in_all : int
        Communes in a district, sampled and in all.
    villages, villages_in_all : int
        Villages in a commune, sampled and in all.
    n_respondents : int, optional
        People asked in the whole sample; None asks as many as the other fields say.

    Raises
    ------
    DesignError
        If the fields do not fit each other, or a village would stay without a respondent.

    Examples
    --------
    >>> layout = SampleLayout(units=("01", "02"), districts=(3, 3), districts_in_all=(30, 11), respondents=(24, 16))
    >>> layout.n_villages, layout.total, layout.sample.psu[10:14]
    (24, 480, ('01-D03', '01-D03', '02-D01-C01', '02-D01-C01'))
    """

    units: tuple[str, ...]
    districts: tuple[int, ...]
    districts_in_all: tuple[int, ...]
    respondents: tuple[int, ...]
    certainty: int = 1
    communes: int = 2
    communes_in_all: int = 15
    villages: int = 2
    villages_in_all: int = 9
    n_respondents: int | None = None

    def __post_init__(self) -> None:
        if not self.units or len(set(self.units)) != len(self.units):
            raise DesignError("layout: units must name at least one province, each once")
        if not len(self.units) == len(self.districts) == len(self.districts_in_all) == len(self.respondents):
            raise DesignError("layout: districts, districts_in_all and respondents need a number for each unit")
        for unit, taken, held, people in zip(
            self.units, self.districts, self.districts_in_all, self.respondents, strict=True
        ):
            if not 0 <= self.certainty <= taken <= held or taken < 1 or people < 1:
                raise DesignError(
                    "layout: unit {unit} cannot take {taken} of {held} districts, {people} people each",
                    unit=unit,
                    taken=taken,
                    held=held,
                    people=people,
                )
        if not (1 <= self.communes <= self.communes_in_all and 1 <= self.villages <= self.villages_in_all):
            raise DesignError("layout: at least one commune and village, and no more than there are")
        if self.total < self.n_villages:
            raise DesignError(
                "layout: {n} respondents are too few; {villages} villages need one each, so give --rows {villages} or "
                "more",
                n=self.total,
                villages=self.n_villages,
            )

    @property
    def n_villages(self) -> int:
        """Sampled villages in all provinces."""
        return sum(self.districts) * self.communes * self.villages

    @property
    def total(self) -> int:
        """People asked in all provinces."""
        return int(self._planned.sum()) if self.n_respondents is None else self.n_respondents

    def scaled_to(self, n_respondents: int) -> "SampleLayout":
        """Ask another number of people in the same villages, in the same proportion."""
        return replace(self, n_respondents=n_respondents)

    @cached_property
    def sample(self) -> Villages:
        """Every sampled village, with its labels and the people asked in it."""
        held = np.array(self.districts)
        first = np.cumsum(held) - held
        district = np.repeat(np.arange(held.sum()), self.communes * self.villages)
        commune = np.repeat(np.arange(held.sum() * self.communes), self.villages)
        unit = np.repeat(np.arange(len(held)), held * self.communes * self.villages)
        number = district - first[unit]
        certain = number < self.certainty
        code = [self.units[u] for u in unit]
        districts = [f"{c}-D{d + 1:02d}" for c, d in zip(code, number, strict=True)]
        communes = [f"{d}-C{c % self.communes + 1:02d}" for d, c in zip(districts, commune, strict=True)]
        villages = tuple(f"{c}-V{v % self.villages + 1:02d}" for v, c in enumerate(communes))
        return Villages(
            unit=unit, district=district, commune=commune, village=villages,
            stratum=_either(certain, districts, [f"{c}-R" for c in code]),
            psu=_either(certain, communes, districts),
            ssu=_either(certain, villages, communes),
            fpc=np.where(certain, self.communes_in_all, np.array(self.districts_in_all)[unit] - self.certainty),
            fpc2=np.where(certain, self.villages_in_all, self.communes_in_all),
            size=self._sizes,
        )  # fmt: skip

    @cached_property
    def _planned(self) -> NDArray[np.int64]:
        return np.repeat(self.respondents, np.array(self.districts) * self.communes * self.villages)

    @cached_property
    def _sizes(self) -> NDArray[np.int64]:
        """Share the respondents among the villages: whole numbers in proportion that add up."""
        until = np.cumsum(self._planned) * self.total // self._planned.sum()
        return np.asarray(np.diff(until, prepend=0))


def papi_layout(units: tuple[str, ...]) -> SampleLayout:
    """Lay out a sample as PAPI's was until 2024: the seat's district with certainty, others by chance.

    Parameters
    ----------
    units : tuple of str
        Codes of provinces.

    Returns
    -------
    SampleLayout
        Three districts and 192 people in a province; six districts and 384 people in the four of medium size (38, 40,
        82, 89); six districts and 576 people in 01 and 79. With all 63 provinces: 207 districts, 414 communes, 828
        villages and 13,632 people.

    Notes
    -----
    The numbers sampled are those of PAPI's reports. How many districts a province has in all is rounded here to 11, 20
    or 28: the layout serves synthetic data.

    Examples
    --------
    >>> from quantri.engine.loading import load_archive
    >>> layout = papi_layout(tuple(unit.code for unit in load_archive("papi").edition(2024).units))
    >>> sum(layout.districts), layout.n_villages, layout.total
    (207, 828, 13632)
    """
    large, medium = ([unit in group for unit in units] for group in (LARGE, MEDIUM))
    size = [2 if big else 1 if middle else 0 for big, middle in zip(large, medium, strict=True)]
    return SampleLayout(
        units=units,
        districts=tuple((3, 6, 6)[s] for s in size),
        districts_in_all=tuple((11, 20, 28)[s] for s in size),
        respondents=tuple((16, 16, 24)[s] for s in size),
    )


def _either(certain: NDArray[np.bool_], one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    return tuple(a if sure else b for sure, a, b in zip(certain, one, other, strict=True))
