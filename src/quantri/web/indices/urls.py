"""Addresses of published results."""

from django.urls import path

from quantri.web.indices.views import compare, component, explore, figure, imports, province, releases

app_name = "indices"
urlpatterns = [
    path("explore/", explore.explore, name="explore"),
    path("explore/table.<str:ending>", explore.export, name="explore-export"),
    path("provinces/<slug:key>/", province.province, name="province"),
    path("provinces/<slug:key>/figures.<str:ending>", province.export, name="province-export"),
    path("components/<str:code>/", component.component, name="component"),
    path("compare/", compare.compare, name="compare"),
    path("figures/<int:year>/<slug:key>/<str:code>/", figure.figure, name="figure"),
    path("data/", releases.releases, name="releases"),
    path("data/import/", imports.import_results, name="import"),
    path("data/import/confirm/", imports.confirm_import, name="confirm-import"),
    path("data/<int:pk>/", releases.release, name="release"),
    path("data/<int:pk>/<str:name>", releases.release_file, name="release-file"),
]
