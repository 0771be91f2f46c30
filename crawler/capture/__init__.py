"""The contract between the rooms: whom we visit, what we saw, how the visit ended."""

from .entity import Branch, Entity, Level, Record
from .facts import Control, DocumentFacts, Form, Link, Media, PageFacts, Place, Section, Signature
from .page import Capture, Page
from .record import CaptureRecord, PageRecord
from .seen import Element, Keyboard, Passage, Reflow, RuleResult, Seen, Voiced, Weight
from .visit import HostVisit, Reason, Visit

__all__ = [
    "Branch",
    "Capture",
    "CaptureRecord",
    "Control",
    "DocumentFacts",
    "Element",
    "Entity",
    "Form",
    "HostVisit",
    "Keyboard",
    "Level",
    "Link",
    "Media",
    "Page",
    "PageFacts",
    "PageRecord",
    "Passage",
    "Place",
    "Reason",
    "Record",
    "Reflow",
    "RuleResult",
    "Section",
    "Seen",
    "Signature",
    "Visit",
    "Voiced",
    "Weight",
]
