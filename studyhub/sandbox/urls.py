from django.urls import path

from studyhub.sandbox import control, film_pages, kuaishou, robots, views, wechat

app_name = "sandbox"
urlpatterns = [
    path("", views.index, name="index"),
    path("wechat/cgi-bin/<path:path>", wechat.call),
    path("wechat/datacube/<path:path>", wechat.call_datacube),
    path("wechat/s/<str:article_id>", views.article, name="article"),
    path("wechat/draft/<str:media_id>", views.draft, name="draft"),
    path("wechat/picture/<str:media_id>", views.picture, name="picture"),
    path("wecom/cgi-bin/webhook/send", robots.wecom),
    path("feishu/open-apis/bot/v2/hook/<str:key>", robots.feishu),
    path("dingtalk/robot/send", robots.dingtalk),
    path("kuaishou/oauth2/authorize", film_pages.authorise, {"kind": "kuaishou"}),
    path("kuaishou/<path:path>", kuaishou.call),
    path("film/<str:post_id>", film_pages.show, name="film"),
    path("film/<str:post_id>/film.mp4", film_pages.film, name="film_file"),
    path("film/<str:post_id>/cover.jpg", film_pages.cover, name="film_cover"),
    path("control/film-account", film_pages.set_account),
    path("control/revoke", film_pages.revoke),
    path("chat/<row:pk>", views.chat, name="chat"),
    path("control/robot", control.set_robot),
    path("control/state", control.show_state),
    path("control/account", control.set_account),
    path("control/fault", control.add_fault),
    path("control/message", control.write_message),
    path("control/clock", control.advance_clock),
    path("control/expire-tokens", control.expire_tokens),
    path("control/reset", control.reset),
]
