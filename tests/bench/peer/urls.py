from django.contrib import admin  # type: ignore[import-not-found] # in the peer's own environment
from django.urls import include, path  # type: ignore[import-not-found]

urlpatterns = [path("admin/", admin.site.urls), path("", include("helpdesk.urls"))]
