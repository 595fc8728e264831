"""Messages are sent through real sockets."""

from tests.notifications.post_office import inbox_urls, mailer, post, sms

__all__ = ["inbox_urls", "mailer", "post", "sms"]
