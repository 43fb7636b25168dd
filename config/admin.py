"""What the admin's pages are headed with."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

admin.site.site_header = admin.site.site_title = _("Madang administration")
admin.site.index_title = _("Operators' pages")
