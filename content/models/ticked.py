"""Lists that are ticked in a form and kept as JSON."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models


class Ticked(models.JSONField):
    """Names out of those there are today; empty means no limit, or none."""

    def names(self) -> Iterable[tuple[str, str]]:
        """Each with its Chinese word."""
        raise NotImplementedError

    def formfield(self, **kwargs: Any) -> Any:
        return forms.MultipleChoiceField(
            label=self.verbose_name,
            help_text=self.help_text,
            choices=lambda: list(self.names()),
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
