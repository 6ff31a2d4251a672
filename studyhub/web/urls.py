from django.urls import path

from studyhub.web.views import (
    corrections,
    feeds,
    health,
    lead,
    look,
    me,
    media,
    offline,
    packs,
    search,
    session,
    study,
)

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("login/", session.SignIn.as_view(), name="login"),
    path("logout/", session.sign_out_page, name="logout"),
    path("me/", me.own_record, name="me"),
    path("me/corrections/", corrections.own_corrections, name="corrections"),
    path("settings/", look.settings_page, name="settings"),
    path("look.css", look.look_css, name="look_css"),
    path("study/<uuid:lesson_key>/", study.study, name="study"),
    path("study/<uuid:lesson_key>/confirm/", study.confirm, name="study_confirm"),
    path("search/", search.search, name="search"),
    path("lead/", lead.overview, name="lead"),
    path("lead/groups/<uuid:public_id>/", lead.group_page, name="lead_group"),
    path(
        "lead/groups/<uuid:public_id>/completion.xlsx", lead.group_workbook, name="lead_group_xlsx"
    ),
    path("lead/branches/<uuid:public_id>/", lead.branch_page, name="lead_branch"),
    path("feeds/lessons.rss", feeds.lessons_rss, name="lessons_rss"),
    path("feeds/lessons.json", feeds.lessons_json, name="lessons_json"),
    path("feeds/videos.rss", feeds.videos_rss, name="videos_rss"),
    path("packs/<uuid:lesson_key>/<slug:version>/<str:name>", packs.part, name="pack_part"),
    path("sw.js", offline.worker, name="worker"),
    path("sw-config.json", offline.worker_config, name="worker_config"),
    path("manifest.webmanifest", offline.web_manifest, name="web_manifest"),
    path("offline/", offline.offline_page, name="offline"),
    path("offline/lesson/", offline.lesson_shell, name="lesson_shell"),
    path("media/<path:path>", media.media, name="media"),
]
