"""Statistics of pre/post evaluations: pure functions that take arrays and return frozen results.

NaN is a missing answer. Changes are after minus before. What cannot be computed raises ``StatisticsError`` with a
message for the evaluator. Names and fields are public; see docs/statistics.md for formulas and verification.
"""

from vunki_eval.stats import network
from vunki_eval.stats.agreement import Kappa, RankCorrelation, cohen_kappa, pooled_kappa, rank_correlation
from vunki_eval.stats.all_data import AllDataChange, all_data_change
from vunki_eval.stats.change import PairedChange, paired_change
from vunki_eval.stats.equivalence import Equivalence, equivalence, equivalence_of
from vunki_eval.stats.means import (
    MeanInterval,
    MedianInterval,
    StandardisedDifference,
    WelchChange,
    mean_interval,
    median_interval,
    standardised_difference,
    welch_change,
)
from vunki_eval.stats.missing import TippingPoint, tipping_point
from vunki_eval.stats.multiplicity import holm
from vunki_eval.stats.pooling import Combination, contrast_of, stratified_average
from vunki_eval.stats.power import detectable_change, pairs_needed
from vunki_eval.stats.proportions import (
    NetPromoterChange,
    PairedProportions,
    Share,
    net_promoter,
    net_promoter_change,
    paired_proportions,
    proportion,
)
from vunki_eval.stats.ranks import ChangeTest, sign_flip, wilcoxon
from vunki_eval.stats.reliability import Reliability, cronbach_alpha, item_rest_correlation, mcdonald_omega
from vunki_eval.stats.teams import TeamChange, team_change
from vunki_eval.stats.waves import WaveChange, wave_changes
from vunki_eval.stats.weighted import WeightedMean, weighted_mean

__all__ = [
    "AllDataChange",
    "ChangeTest",
    "Combination",
    "Equivalence",
    "Kappa",
    "MeanInterval",
    "MedianInterval",
    "NetPromoterChange",
    "PairedChange",
    "PairedProportions",
    "RankCorrelation",
    "Reliability",
    "Share",
    "StandardisedDifference",
    "TeamChange",
    "TippingPoint",
    "WaveChange",
    "WeightedMean",
    "WelchChange",
    "all_data_change",
    "cohen_kappa",
    "contrast_of",
    "cronbach_alpha",
    "detectable_change",
    "equivalence",
    "equivalence_of",
    "holm",
    "item_rest_correlation",
    "mcdonald_omega",
    "mean_interval",
    "median_interval",
    "net_promoter",
    "net_promoter_change",
    "network",
    "paired_change",
    "paired_proportions",
    "pairs_needed",
    "pooled_kappa",
    "proportion",
    "rank_correlation",
    "sign_flip",
    "standardised_difference",
    "stratified_average",
    "team_change",
    "tipping_point",
    "wave_changes",
    "weighted_mean",
    "welch_change",
    "wilcoxon",
]
