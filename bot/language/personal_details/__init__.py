"""What tells who somebody is: left out before a message is read, and masked in what owners see.

Words, patterns and examples: data/personal_details.yml.
"""

from bot.language.personal_details.neutral import PersonalDetails

__all__ = ["PersonalDetails"]
