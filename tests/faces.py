"""Drawn faces that tests change."""

from dataclasses import replace

from boostgan_plugin.datasets.face_renderer import FaceParameters


def with_trait(face: FaceParameters, trait: str, value: bool) -> FaceParameters:
    """The same face with one attribute changed; keeping it plausible is up to the caller."""
    return replace(face, traits=face.traits | {trait} if value else face.traits - {trait})
