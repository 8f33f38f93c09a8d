"""How a needle was used, in a clinician's words: depth, angle, direction, twitch, current."""

from bodymap.atlas import Atlas
from bodymap.charting.placement import Electrical, RecordedPlacement, twitch_obtained
from bodymap.rendering.text_metrics import clean
from bodymap.rendering.wording.wording import Wording
from bodymap.words import Language, catalogue


class TreatmentWording(Wording):
    """The facts of one treatment, each empty where it was not stated. `words` are the texts that need no putting
    together."""

    def __init__(self, atlas: Atlas, lang: Language) -> None:
        super().__init__(atlas, lang)
        self.words = catalogue(lang).chart

    def _depth(self, depth_mm: float | None) -> str:
        return self.words.depth.format(mm=self.number(depth_mm)) if depth_mm is not None else ""

    def _way(self, placement: RecordedPlacement) -> str:
        """Depth, angle and direction, as far as they were stated."""
        words, parts = self.words, [self._depth(placement.depth_mm)]
        if placement.angle_from_normal_deg is not None:
            angle = words.angle_of_depth if placement.depth_mm is not None else words.angle
            parts.append(angle.format(deg=self.number(placement.angle_from_normal_deg)))
        parts.append(words.directions[placement.direction] if placement.direction else "")
        return " ".join(part for part in parts if part)

    def _twitch(self, placement: RecordedPlacement) -> str:
        twitch = placement.twitch
        if twitch is None:
            return ""
        if twitch_obtained(placement):
            return self.words.twitches.format(n=twitch.count) if twitch.count else self.words.twitch
        return self.words.no_twitch if twitch.sought and twitch.obtained is False else ""

    def _electrical(self, current: Electrical | None) -> str:
        if current is None:
            return ""
        parts = [self.words.electrical, clean(current.channel or "")]
        parts.append(f"{self.number(current.hz)} Hz" if current.hz is not None else "")
        parts.append(f"{self.number(current.minutes)} min" if current.minutes is not None else "")
        return " ".join(part for part in parts if part)
