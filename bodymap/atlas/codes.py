"""Which codes may be shown: some terminologies require a licence."""

from bodymap.atlas.manifest import Code, Region

# As the terminology tables mark a SNOMED CT concept that is not in the freely licensed Global Patient Set.
LICENSED = "SNOMED Affiliate licence"


def codes_of(region: Region, licensed: bool) -> tuple[Code, ...]:
    """The region's codes; those that need a SNOMED CT Affiliate licence only if `licensed`.

    SNOMED CT codes of the Global Patient Set, under CC BY 4.0, and all other systems' are always there.
    """
    return tuple(code for code in region.codes if licensed or code.licence != LICENSED)
