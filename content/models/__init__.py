from content.models.courses import CourseIndexPage, CoursePage
from content.models.draft_files import DraftFile
from content.models.exhibits import ExhibitCode
from content.models.featured import FeaturedDay
from content.models.home import HomePage
from content.models.lessons import LessonPage
from content.models.missing_sources import MissingSource
from content.models.oral_histories import OralHistory, OralHistoryPlace
from content.models.problems import PageProblem
from content.models.proofs import ProofDismissal, ProofHit, ProofRule
from content.models.questions import LessonQuestion, Question, QuestionVersion
from content.models.recordings import RecordingSound
from content.models.review_task import ReviewTask
from content.models.reviews import SignOff, UnitAuthor, UrgentCorrection
from content.models.revisions import FIRST, TOLD, Change, LessonRevision
from content.models.search import SearchEntry
from content.models.sites import HeritageSitePage, SiteIndexPage
from content.models.snippets import Pronunciation, ReadingSignOff, ReadingWriter
from content.models.twins import BlockTwin, TwinPicture, TwinSignOff, TwinWriter
from content.models.videos import Storyboard, VerticalVideo
from content.models.word_files import ImportReport, QuestionUpload, WordUpload

__all__ = [
    "FIRST",
    "TOLD",
    "BlockTwin",
    "Change",
    "CourseIndexPage",
    "CoursePage",
    "DraftFile",
    "ExhibitCode",
    "FeaturedDay",
    "HeritageSitePage",
    "HomePage",
    "ImportReport",
    "LessonPage",
    "LessonQuestion",
    "LessonRevision",
    "MissingSource",
    "OralHistory",
    "OralHistoryPlace",
    "PageProblem",
    "Pronunciation",
    "ProofDismissal",
    "ProofHit",
    "ProofRule",
    "Question",
    "QuestionUpload",
    "QuestionVersion",
    "ReadingSignOff",
    "ReadingWriter",
    "RecordingSound",
    "ReviewTask",
    "SearchEntry",
    "SignOff",
    "SiteIndexPage",
    "Storyboard",
    "TwinPicture",
    "TwinSignOff",
    "TwinWriter",
    "UnitAuthor",
    "UrgentCorrection",
    "VerticalVideo",
    "WordUpload",
]
