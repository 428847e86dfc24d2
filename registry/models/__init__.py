from registry.models.api_keys import ApiKey
from registry.models.authorities import Authority
from registry.models.clusters import Cluster, ClusterAlias, OperatingReport
from registry.models.decisions import Decision, DecisionRelation
from registry.models.editions import (
    EDITIONS,
    AuthorityEdition,
    ClusterEdition,
    DecisionEdition,
    EditionTerm,
    InvestorEdition,
    LegalInstrumentEdition,
    PlaceEdition,
    SourceEdition,
)
from registry.models.effects import Effect, EffectPlace
from registry.models.investors import Investor
from registry.models.ledger import LedgerEntry, LedgerLock, LedgerPayload
from registry.models.legal_instruments import LegalInstrument
from registry.models.places import AdministrativeUnit, PlaceCode, PlaceSuccession
from registry.models.publications import Announcement, Dependency, Publication, Reference, Statement
from registry.models.reviews import Submission
from registry.models.seeds import SeedMark
from registry.models.sources import Citation, SourceDocument

#: Each kind of subject and its working table.
SUBJECTS = {
    model.kind: model
    for model in (Authority, Cluster, Decision, Investor, LegalInstrument, AdministrativeUnit, SourceDocument)
}

__all__ = [
    "EDITIONS",
    "SUBJECTS",
    "AdministrativeUnit",
    "Announcement",
    "ApiKey",
    "Authority",
    "AuthorityEdition",
    "Citation",
    "Cluster",
    "ClusterAlias",
    "ClusterEdition",
    "Decision",
    "DecisionEdition",
    "DecisionRelation",
    "Dependency",
    "EditionTerm",
    "Effect",
    "EffectPlace",
    "Investor",
    "InvestorEdition",
    "LedgerEntry",
    "LedgerLock",
    "LedgerPayload",
    "LegalInstrument",
    "LegalInstrumentEdition",
    "OperatingReport",
    "PlaceCode",
    "PlaceEdition",
    "PlaceSuccession",
    "Publication",
    "Reference",
    "SeedMark",
    "SourceDocument",
    "SourceEdition",
    "Statement",
    "Submission",
]
