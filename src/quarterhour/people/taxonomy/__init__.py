"""What people can be good at, in a form that is easy to read, search and correct."""

from quarterhour.people.taxonomy.taxonomy import (
    Area,
    Found,
    Skill,
    areas,
    search,
    skill_of,
    skills,
    town_topics,
)

__all__ = ["Area", "Found", "Skill", "areas", "search", "skill_of", "skills", "town_topics"]
