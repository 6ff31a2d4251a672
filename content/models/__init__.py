from content.models.courses import CourseIndexPage, CoursePage
from content.models.home import HomePage
from content.models.lessons import LessonPage
from content.models.revisions import FIRST, Change, LessonRevision
from content.models.sites import HeritageSitePage, SiteIndexPage

__all__ = [
    "FIRST",
    "Change",
    "CourseIndexPage",
    "CoursePage",
    "HeritageSitePage",
    "HomePage",
    "LessonPage",
    "LessonRevision",
    "SiteIndexPage",
]
