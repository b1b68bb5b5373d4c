"""Every tag of the design system in one library, built in to all templates."""

from __future__ import annotations

from django import template

from quarterhour.web.templatetags import components, forms, pictures

register = template.Library()
for each in (pictures, components, forms):
    register.tags |= each.register.tags
    register.filters |= each.register.filters
