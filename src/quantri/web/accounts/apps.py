"""The app of accounts; what happens at the door goes into the trail from its start."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "quantri.web.accounts"

    def ready(self) -> None:
        from quantri.web.accounts import at_the_door

        at_the_door.watch()
