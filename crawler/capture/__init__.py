"""The contract between the rooms: whom we visit, what we saw, how the visit ended."""

from .entity import Branch, Entity, Level, Record
from .facts import Control, DocumentFacts, Form, Link, Media, PageFacts, Place, Section, Signature
from .page import AxeNode, AxeRule, Capture, Keyboard, Page, Reflow, Seen, Weight
from .record import CaptureRecord, PageRecord
from .visit import HostVisit, Reason, Visit

__all__ = [
    "AxeNode",
    "AxeRule",
    "Branch",
    "Capture",
    "CaptureRecord",
    "Control",
    "DocumentFacts",
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
    "Place",
    "Reason",
    "Record",
    "Reflow",
    "Section",
    "Seen",
    "Signature",
    "Visit",
    "Weight",
]
