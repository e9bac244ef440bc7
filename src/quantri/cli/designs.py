"""The options of a sample design and of inference, the same for every command that reads microdata."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from quantri.cli.files import read_text
from quantri.cli.parsing import Parser
from quantri.engine.design import DF_RULES, LONELY_POLICIES, VARIANCE_RULES, Inference, SampleDesign
from quantri.said import Said
from quantri.text import nfc
from quantri.words import say

if TYPE_CHECKING:
    from quantri.engine.weighting_plan import WeightingPlan


def add_design(command: Parser) -> None:
    """Give a command the options of DESIGN."""
    language = command.language
    design = command.add_argument_group(say("sample design", language))
    design.add_argument(
        "--weight", type=nfc, metavar="COL", help=say("sampling weight; without it from --fpc, else 1", language)
    )
    design.add_argument("--strata", type=nfc, metavar="COL", help=say("stratum of the first stage", language))
    design.add_argument(
        "--psu", type=nfc, metavar="COL", help=say("primary sampling unit; each row its own without it", language)
    )
    design.add_argument(
        "--nest", action="store_true", help=say("PSU labels are unique only within their stratum", language)
    )
    design.add_argument(
        "--fpc", type=nfc, metavar="COL", help=say("sampling fraction, or number of PSUs in the stratum", language)
    )
    design.add_argument("--ssu", type=nfc, metavar="COL", help=say("second-stage unit", language))
    design.add_argument("--fpc2", type=nfc, metavar="COL", help=say("the same for the second stage", language))
    design.add_argument("--id", type=nfc, metavar="COL", help=say("names each respondent, nobody twice", language))
    design.add_argument(
        "--margins", type=Path, metavar="MARGINS.toml",
        help=say("margins to which the weights were calibrated, as for weight", language),
    )  # fmt: skip
    inference = command.add_argument_group(say("inference", language))
    inference.add_argument(
        "--confidence", type=float, default=0.95, metavar="C", help=say("level of intervals (0.95)", language)
    )
    inference.add_argument(
        "--df", choices=DF_RULES, default="domain", help=say("degrees of freedom (domain)", language)
    )
    inference.add_argument("--variance", choices=VARIANCE_RULES, help=say("own, or pooled over domains", language))
    inference.add_argument(
        "--lonely", choices=LONELY_POLICIES, default="fail", help=say("strata with one PSU (fail)", language)
    )
    inference.add_argument(
        "--lonely-domains", action="store_true", help=say("also strata of which a domain holds one PSU", language)
    )


def design_of(arguments: argparse.Namespace) -> SampleDesign:
    """Return the design that the options describe; DesignError when they contradict each other."""
    return SampleDesign(
        weight=arguments.weight, strata=arguments.strata, psu=arguments.psu, is_nested=arguments.nest,
        fpc=arguments.fpc, ssu=arguments.ssu, fpc2=arguments.fpc2, respondent=arguments.id,
    )  # fmt: skip


def margins_of(file: Path | None) -> "WeightingPlan | None":
    """Read the margins to which weights were calibrated; None where no file is named."""
    from quantri.engine.weighting_plan import read_weighting_plan

    return None if file is None else read_weighting_plan(read_text(file), file.name)


def margin_names(margins: "WeightingPlan | None") -> list[str] | None:
    """Name the margins for an answer."""
    return None if margins is None else [margin.name for margin in margins.margins]


def margin_notes(names: list[str] | None) -> list[str]:
    """Say that standard errors count margins as known."""
    return [Said("margins known without error: {names}", names=", ".join(names))] if names else []


def inference_of(arguments: argparse.Namespace, n_domains: int = 1) -> Inference:
    """Return the choices of inference; DesignError when they contradict each other.

    Where `--variance` is left out, the number of domains decides.
    """
    from quantri.engine.rounds import usual_variance

    return Inference(
        confidence_level=arguments.confidence, df_rule=arguments.df,
        variance_rule=arguments.variance or usual_variance(n_domains),
        lonely=arguments.lonely, lonely_domains=arguments.lonely_domains,
    )  # fmt: skip
