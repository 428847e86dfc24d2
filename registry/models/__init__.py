from registry.models.api_keys import ApiKey, ApiKeyUse, PepperMark
from registry.models.assignments import Assignment
from registry.models.authorities import Authority
from registry.models.capital import CapitalEvent
from registry.models.clusters import Cluster, ClusterAlias, OperatingReport
from registry.models.decisions import Decision, DecisionRelation
from registry.models.editions import (
    EDITIONS,
    AssignmentEdition,
    AuthorityEdition,
    ClusterEdition,
    DecisionEdition,
    EditionTerm,
    IncentiveEdition,
    IndicatorEdition,
    InvestorEdition,
    LegalInstrumentEdition,
    PlaceEdition,
    ProjectEdition,
    SectorEdition,
    SourceEdition,
    ZoneEdition,
)
from registry.models.effects import Effect, EffectPlace
from registry.models.incentives import Incentive, IncentiveTerm
from registry.models.indicators import (
    Indicator,
    IndicatorValue,
    IndicatorValueCluster,
    IndicatorValueZone,
)
from registry.models.investors import Investor
from registry.models.ledger import LedgerCheckpoint, LedgerEntry, LedgerLock, LedgerPayload, LedgerTerm
from registry.models.legal_instruments import LegalInstrument
from registry.models.partners import Partner
from registry.models.places import AdministrativeUnit, PlaceCode, PlaceSuccession
from registry.models.projects import Project
from registry.models.publications import Announcement, Dependency, Publication, Reference, Statement
from registry.models.recoveries import Recovery
from registry.models.redactions import RedactedEntry, Redaction
from registry.models.reviews import Submission
from registry.models.sectors import Sector
from registry.models.security import SecurityDigest, SecurityEvent
from registry.models.seeds import SeedMark
from registry.models.sources import Citation, SourceDocument
from registry.models.webhooks import (
    Webhook,
    WebhookBacklog,
    WebhookDelivery,
    WebhookProgress,
    WebhookReplay,
    WebhookSecret,
)
from registry.models.zones import Zone, ZoneLink, ZoneStatus

#: Each kind of subject and its working table.
SUBJECTS = {
    model.kind: model
    for model in (
        Authority,
        Cluster,
        Decision,
        Investor,
        LegalInstrument,
        AdministrativeUnit,
        SourceDocument,
        Zone,
        Sector,
        Project,
        Indicator,
        Incentive,
        Assignment,
    )
}

__all__ = [
    "EDITIONS",
    "SUBJECTS",
    "AdministrativeUnit",
    "Announcement",
    "ApiKey",
    "ApiKeyUse",
    "Assignment",
    "AssignmentEdition",
    "Authority",
    "AuthorityEdition",
    "CapitalEvent",
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
    "Incentive",
    "IncentiveEdition",
    "IncentiveTerm",
    "Indicator",
    "IndicatorEdition",
    "IndicatorValue",
    "IndicatorValueCluster",
    "IndicatorValueZone",
    "Investor",
    "InvestorEdition",
    "LedgerCheckpoint",
    "LedgerEntry",
    "LedgerLock",
    "LedgerPayload",
    "LedgerTerm",
    "LegalInstrument",
    "LegalInstrumentEdition",
    "OperatingReport",
    "Partner",
    "PepperMark",
    "PlaceCode",
    "PlaceEdition",
    "PlaceSuccession",
    "Project",
    "ProjectEdition",
    "Publication",
    "Recovery",
    "RedactedEntry",
    "Redaction",
    "Reference",
    "Sector",
    "SectorEdition",
    "SecurityDigest",
    "SecurityEvent",
    "SeedMark",
    "SourceDocument",
    "SourceEdition",
    "Statement",
    "Submission",
    "Webhook",
    "WebhookBacklog",
    "WebhookDelivery",
    "WebhookProgress",
    "WebhookReplay",
    "WebhookSecret",
    "Zone",
    "ZoneEdition",
    "ZoneLink",
    "ZoneStatus",
]
