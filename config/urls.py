"""Every app's routes, merged into one router under /api/v1/, and the pages around them."""

from django.conf import settings
from django.contrib import admin
from django.contrib.staticfiles.urls import staticfiles_urlpatterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from accounts.urls import router as accounts_router
from api.routers import Router
from api.views import unknown_path
from board.urls import router as board_router
from config.media import MEDIA_PATH, serve_media
from config.pages import DocsView, RedocView, SchemaView
from timetable.urls import router as timetable_router

router = Router(accounts_router, board_router, timetable_router)

urlpatterns = [
    path("", RedirectView.as_view(url="/docs/")),
    *(path(page, RedirectView.as_view(url=f"/{page}/")) for page in ("docs", "redoc", "admin")),
    path("docs/", DocsView.as_view(url_name="schema"), name="docs"),
    path("redoc/", RedocView.as_view(url_name="schema"), name="redoc"),
    path("admin/", admin.site.urls),
    path("api/v1/schema/", SchemaView.as_view(), name="schema"),
    path("api/v1/", include(router.urls)),
    *staticfiles_urlpatterns(),
]
# On a server the proxy serves them, or the storage itself does.
if settings.DEBUG and settings.STORAGES["default"]["BACKEND"].endswith("FileSystemStorage"):
    urlpatterns.append(re_path(MEDIA_PATH, serve_media))
if "debug_toolbar" in settings.INSTALLED_APPS:
    from debug_toolbar.toolbar import debug_toolbar_urls

    urlpatterns += debug_toolbar_urls()
# Last, so that it answers in the API's shape with DEBUG on as well.
urlpatterns.append(re_path(r"", unknown_path))

handler400 = "api.errors.bad_request"
handler403 = "api.errors.permission_denied"
handler404 = "api.errors.not_found"
handler500 = "api.errors.server_error"
