"""The atlas versions that sessions are on: each session stays on the one that it was resolved on."""

from bodymap.atlas import Atlas, Atlases
from bodymap.atlas.labels import labels
from bodymap.atlas.local_names import muscle_name, region_name, structure_name
from bodymap.atlas.muscles import Muscles
from bodymap.charting.session import Session
from bodymap.errors import AtlasNotHere
from bodymap.storage import atlas_digests
from bodymap.storage.transaction import Transaction
from bodymap.words import Language, catalogue


class SessionAtlases:
    """Finds what an atlas says for a session. Read-only and thread-safe."""

    def __init__(self, atlases: Atlases) -> None:
        self._atlases = atlases
        every = [edition.atlas for edition in atlases.editions]
        self._regions = {region.id: region for atlas in every for region in atlas.regions}
        self._wholes = {muscle.id: atlas for atlas in every for muscle in atlas.muscles.all}
        self._muscles_of_all = Muscles(
            (muscle for atlas in every for muscle in atlas.manifest.muscles), self._regions, labels()
        )

    @property
    def default(self) -> Atlas:
        """The version that new sessions take."""
        return self._atlases.default

    def digest(self, version: str) -> str | None:
        """The digest of a version, None if it is not available."""
        return self._atlases.digests.get(version)

    def use(self, tx: Transaction, tenant: str, session: Session) -> None:
        """Keeps the digest of the session's atlas version in the database, if that is the first session on it.

        Raises OtherAtlas if the database was made with another atlas of the same version.
        """
        if (digest := self.digest(session.atlas)) is not None:
            atlas_digests.use(tx, tenant, session.atlas, digest)

    def of(self, session: Session) -> Atlas:
        """The atlas version that the session stays on. Raises AtlasNotHere."""
        if session.atlas not in self._atlases:
            raise AtlasNotHere(
                f"The session is on atlas {session.atlas}, which is not available; there is "
                f"{', '.join(self._atlases.versions)}. It can be read, but not drawn or resolved.",
                atlas=session.atlas,
            )
        return self._atlases.get(session.atlas)

    def of_or_default(self, session: Session) -> Atlas:
        """The atlas version that the session stays on, or the default if that one is not available."""
        return self.of(session) if session.atlas in self._atlases else self._atlases.default

    def muscles(self, session: Session) -> Muscles:
        """The muscles and groups of the session's atlas version, or those of all versions if it is not available."""
        return self.of(session).muscles if session.atlas in self._atlases else self._muscles_of_all

    def named(self, structure_id: str, lang: Language) -> str:
        """The name of a region, a muscle or a group, or else of a structure such as a bone, in a language, as it
        appears in a sentence."""
        if (region := self._regions.get(structure_id)) is not None:
            name = region_name(region, lang)
        elif (atlas := self._wholes.get(structure_id)) is not None:
            name = muscle_name(atlas, structure_id, lang)
        else:
            name = structure_name(structure_id, lang)
        return catalogue(lang).form.within(name)
