from api.pagination import KeysetPagination


class TimetablePagination(KeysetPagination):
    """Smaller pages: each timetable comes with up to sixty entries and all their times."""

    max_page_size = 30
