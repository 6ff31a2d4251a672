from django.urls import path

from studyhub.web.views import (
    declaring,
    feeds,
    health,
    lead,
    me,
    media,
    receipts,
    session,
    sheets,
    study,
)

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("login/", session.SignIn.as_view(), name="login"),
    path("logout/", session.sign_out_page, name="logout"),
    path("me/", me.own_record, name="me"),
    path("me/receipts/", receipts.own_receipts, name="own_receipts"),
    path("receipts/", receipts.landing, name="receipts"),
    path("study/<uuid:lesson_key>/", study.study, name="study"),
    path("study/<uuid:lesson_key>/confirm/", study.confirm, name="study_confirm"),
    path("c/<uuid:lesson_key>/", declaring.declare, name="declare"),
    path("sheets/<uuid:lesson_key>.pdf", sheets.printed_sheet_of, name="printed_sheet"),
    path("lead/", lead.overview, name="lead"),
    path("lead/receipts/", receipts.led_receipts, name="lead_receipts"),
    path("lead/groups/<uuid:public_id>/", lead.group_page, name="lead_group"),
    path(
        "lead/groups/<uuid:public_id>/completion.xlsx", lead.group_workbook, name="lead_group_xlsx"
    ),
    path("lead/branches/<uuid:public_id>/", lead.branch_page, name="lead_branch"),
    path("feeds/lessons.rss", feeds.lessons_rss, name="lessons_rss"),
    path("feeds/lessons.json", feeds.lessons_json, name="lessons_json"),
    path("feeds/videos.rss", feeds.videos_rss, name="videos_rss"),
    path("media/<path:path>", media.media, name="media"),
]
