"""Addresses of the accounts slice."""

from django.urls import path

from posture.accounts.views import messages, notifications, people, profile, sign_in, teams, tokens

app_name = "accounts"
urlpatterns = [
    path("sign-in/", sign_in.password, name="sign-in"),
    path("sign-in/<str:token>/", sign_in.link, name="sign-in-link"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("settings/", profile.page, name="settings"),
    path("settings/password/", profile.password, name="password"),
    path("settings/sign-out-everywhere/", profile.sign_out_everywhere, name="sign-out-everywhere"),
    path("settings/tokens/", tokens.page, name="tokens"),
    path("settings/tokens/<int:pk>/revoke/", tokens.revoke, name="token-revoke"),
    path("settings/notifications/", notifications.page, name="notifications"),
    path("settings/messages/", messages.page, name="messages"),
    path("settings/messages/again/", messages.all_again, name="messages-again"),
    path("settings/messages/<int:pk>/again/", messages.again, name="message-again"),
    path("settings/people/", people.page, name="people"),
    path("settings/people/invite/", people.invite, name="invite"),
    path("settings/people/<int:pk>/", people.person, name="person"),
    path("settings/people/<int:pk>/link/", people.link, name="person-link"),
    path("settings/people/<int:pk>/disable/", people.disable, name="person-disable"),
    path("settings/people/<int:pk>/enable/", people.enable, name="person-enable"),
    path("settings/teams/", teams.page, name="teams"),
    path("settings/teams/<slug:slug>/", teams.team, name="team"),
    path("settings/teams/<slug:slug>/members/", teams.add_member, name="team-members"),
    path("settings/teams/<slug:slug>/members/<int:pk>/", teams.change_member, name="team-member"),
    path("settings/teams/<slug:slug>/members/<int:pk>/remove/", teams.remove_member, name="team-member-remove"),
]
