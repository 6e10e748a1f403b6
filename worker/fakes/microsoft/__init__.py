"""A stand-in for Microsoft on loopback: for tests, and for the demonstration without an account.

    with FakeMicrosoft(clock) as fake:  # clock() gives the fake's time, aware
        fake.add_calendar("dana@example.com", "Eastern Standard Time")
        fake.add_mailbox("worker@example.com", aliases=("team@example.com",))

Addresses: `fake.url` is Graph's base ("https://localhost:PORT/", operations are below v1.0/), `fake.authority` that of
the sign-in, `fake.ca_file` the PEM file to verify both with. msal takes it with instance_discovery=False. A
requests.Session prefers REQUESTS_CA_BUNDLE of the environment to its own `verify`: give `verify` with each request, or
set `trust_env` to False.

What is shared with the other fakes (worker.fakes.server.LoopbackServer): `requests` counts by operation, `complaints`
is what was wrong with requests and answers (a test asserts that it is empty), `faults` is the switch (Fault),
`latency`, `meanwhile`, `count(prefix)`.

Operations: users.get, users.list, users.manager, mailboxSettings.get, calendar.get, calendar.getSchedule,
calendarView.list, events.list, events.get, events.instances, events.create, events.patch, events.delete, events.cancel,
mailFolders.list, mailFolders.get, mailFolders.messages, messages.list, messages.get, messages.mime, messages.create
(from MIME), messages.patch, messages.delete, messages.send, messages.delta; of the sign-in: discovery, instance,
authorize, devicecode, token. Each is below /me and /users/{address}, users.list is /users.

Sign-in, `fake.sign_in` (sign_in.SignIn): `grant(account, scopes)` gives a refresh token of the public client CLIENT_ID,
`add_app(roles, secret)` an app with permissions of its own, each for all mailboxes or for those given, and
`add_certificate(app)` its key and certificate; `approve` and `decline` are a person's answers to a device code;
`refused`, `consents`, `picks`, `revoke`, `expire_access_tokens` are the bad days. A browser is sent back with 302, or
with a page that posts itself (response_mode=form_post, which msal's own receiver asks for).

Calendars, `fake.calendars` (calendars.Calendars): `add`, `change`, `cancel`, `respond`, `purge` are what people do,
with Graph's own JSON and with the immutable ids that `add` and `occurrence` return; `moves += 1` gives every event
another id of the other kind. `fake.calendars.of(owner)` has `hidden`, `editable` and `members`.

Mail, `fake.mail` (mail_api.MailApi): `mailboxes[address]` (mailboxes.Mailbox), `left` are the mails that went out,
`deliver(raw, verdict)` lets one arrive, from inside where its author has a mailbox here; `undeliverable` and
`plus_addressing` make it bounce. What is due leaves when somebody asks for mail, or with `settle()`. A mailbox has
`receive`, `move`, `delete`, `forget_delta`, and the switches `message_ids`, `sent_after`, `leaves_from_drafts`,
`saves_sent`, `index_lag`, `members`, `senders`. `answer` writes what a person replies.

People, `fake.directory.people` (directory.Person): `fake.add_person(address, manager=…, language=…, purpose=…)`.

Limits: `page_size` of calendar_api and mail, `fake.at_once` requests of one app into one mailbox at a time.
"""

from worker.fakes.faults import Fault
from worker.fakes.microsoft.directory import Person
from worker.fakes.microsoft.mailboxes import Mailbox
from worker.fakes.microsoft.server import FakeMicrosoft
from worker.fakes.microsoft.sign_in import CLIENT_ID, TENANT
from worker.fakes.mime import answer

__all__ = ["CLIENT_ID", "TENANT", "FakeMicrosoft", "Fault", "Mailbox", "Person", "answer"]
