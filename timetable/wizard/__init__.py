"""The timetable wizard 시간표 마법사. Knows neither HTTP nor database."""
