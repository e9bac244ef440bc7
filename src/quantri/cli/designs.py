"""The options of a sample design and of inference, the same for every command that reads microdata."""

import argparse

from quantri.engine.design import DF_RULES, LONELY_POLICIES, VARIANCE_RULES, Inference, SampleDesign
from quantri.text import nfc

MANY = 10  # domains from which their variances are pooled unless the user says otherwise


def add_design(command: argparse.ArgumentParser) -> None:
    """Give a command the options of DESIGN."""
    design = command.add_argument_group("sample design")
    design.add_argument("--weight", type=nfc, metavar="COL", help="sampling weight; without it from --fpc, else 1")
    design.add_argument("--strata", type=nfc, metavar="COL", help="stratum of the first stage")
    design.add_argument("--psu", type=nfc, metavar="COL", help="primary sampling unit; each row its own without it")
    design.add_argument("--nest", action="store_true", help="PSU labels are unique only within their stratum")
    design.add_argument("--fpc", type=nfc, metavar="COL", help="sampling fraction, or number of PSUs in the stratum")
    design.add_argument("--ssu", type=nfc, metavar="COL", help="second-stage unit")
    design.add_argument("--fpc2", type=nfc, metavar="COL", help="the same for the second stage")
    inference = command.add_argument_group("inference")
    inference.add_argument("--confidence", type=float, default=0.95, metavar="C", help="level of intervals (0.95)")
    inference.add_argument("--df", choices=DF_RULES, default="domain", help="degrees of freedom (domain)")
    inference.add_argument("--variance", choices=VARIANCE_RULES, help="own, or pooled over domains")
    inference.add_argument("--lonely", choices=LONELY_POLICIES, default="fail", help="strata with one PSU (fail)")
    inference.add_argument("--lonely-domains", action="store_true", help="also strata of which a domain holds one PSU")


def design_of(arguments: argparse.Namespace) -> SampleDesign:
    """Return the design that the options describe; DesignError when they contradict each other."""
    return SampleDesign(
        weight=arguments.weight, strata=arguments.strata, psu=arguments.psu, is_nested=arguments.nest,
        fpc=arguments.fpc, ssu=arguments.ssu, fpc2=arguments.fpc2,
    )  # fmt: skip


def inference_of(arguments: argparse.Namespace, n_domains: int = 1) -> Inference:
    """Return the choices of inference; DesignError when they contradict each other.

    Where `--variance` is left out it is pooled from `MANY` domains on, which the coverage study finds honest; fewer are
    too few to learn from each other.
    """
    usual = "pooled" if n_domains >= MANY else "own"
    return Inference(
        confidence_level=arguments.confidence, df_rule=arguments.df, variance_rule=arguments.variance or usual,
        lonely=arguments.lonely, lonely_domains=arguments.lonely_domains,
    )  # fmt: skip
