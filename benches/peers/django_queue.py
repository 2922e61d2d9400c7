"""Sends letters from django-post-office's queue on SQLite. Prints the seconds that the sending took.

    python django_queue.py FOLDER PORT LETTERS
"""

import sys
import time

folder, port, letters = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])

import django
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": f"{folder}/post_office.sqlite",
            "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL", "transaction_mode": "IMMEDIATE"},
        }
    },
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    EMAIL_BACKEND="post_office.EmailBackend",
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=port,
    POST_OFFICE={"THREADS_PER_PROCESS": 10, "BATCH_SIZE": 1000, "SENDING_ORDER": ["id"]},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

from django.core.management import call_command
from post_office import mail
from post_office.models import STATUS, Email

call_command("migrate", verbosity=0)
words = "We would like to hear from you about the plan for health and care where you live. " * 24
for begin in range(0, letters, 500):
    mail.send_many(
        [
            {
                "sender": "engagement@dorset.example.org",
                "recipients": [f"office{number}@area{number % 200}.example.org"],
                "subject": f"Have your say, Office {number}",
                "message": f"Dear Office {number},\n\n{words}",
                "html_message": f"<p>Dear Office {number},</p><p>{words}</p>",
            }
            for number in range(begin, min(begin + 500, letters))
        ]
    )
started = time.perf_counter()
call_command("send_queued_mail", processes=1, log_level=0, verbosity=0)
took = time.perf_counter() - started
sent = Email.objects.filter(status=STATUS.sent).count()
assert sent == letters, f"{sent} of {letters} were sent"
print(took)
