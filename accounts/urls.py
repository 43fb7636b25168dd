from rest_framework.routers import DefaultRouter

from accounts.views.auth import AuthViewSet
from accounts.views.schools import SchoolViewSet
from accounts.views.users import UserViewSet

router = DefaultRouter(use_regex_path=False)
router.register("auth", AuthViewSet, basename="auth")
router.register("schools", SchoolViewSet, basename="school")
router.register("users", UserViewSet, basename="user")
