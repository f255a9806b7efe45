"""Modules that fill a class or a namespace from model_config.json, as people write them."""

QUIET = "def model_fn(model_dir): ..."
JSON = 'import json\nwith open("model_config.json") as file:\n    config = json.load(file)\n'
DATACLASS = "from dataclasses import dataclass, field\n"
PYDANTIC = "from pydantic import BaseModel, Field\n"
PLAIN = "class Settings(BaseModel):\n    user_num: str\n"
NAMESPACE = "from types import SimpleNamespace\n"

FAILS = {
    "dataclass": f"{DATACLASS}@dataclass\nclass Settings:\n    user_num: str\n{JSON}Settings(**config)",
    "dataclass with arguments": (
        "import dataclasses\n@dataclasses.dataclass(frozen=True, slots=True)\nclass Settings:\n    user_num: str\n"
        f"    dropout: float = 0.0\n{JSON}settings = Settings(**config)\nprint(settings.dropout)"
    ),
    "dataclass, loaded in the call": (
        f"import json\n{DATACLASS}@dataclass(kw_only=True)\nclass Settings:\n    user_num: str\n"
        'Settings(**json.load(open("model_config.json")))'
    ),
    "dataclass, its name bound again": (
        f"{DATACLASS}@dataclass\nclass Settings:\n    user_num: str\n{JSON}config = Settings(**config)\nprint(config)"
    ),
    "dataclass, derived": (
        f"{DATACLASS}@dataclass\nclass Base:\n    user_num: str\n@dataclass\nclass Settings(Base):\n"
        f"    item_num: int = 0\n{JSON}Settings(**config)"
    ),
    "dataclass, field()": (
        f'{DATACLASS}@dataclass\nclass Settings:\n    user_num: str = field(metadata={{"help": "users"}})\n'
        f"    layers: list = field(default_factory=list)\n{JSON}Settings(**config)"
    ),
    "dataclass, class variables are no fields": (
        f"from typing import ClassVar\n{DATACLASS}@dataclass\nclass Settings:\n    kind: ClassVar[str]\n"
        f"    user_num: str\n    total: int = field(init=False)\n    def __post_init__(self):\n        self.total = 1\n"
        f"{JSON}Settings(**config)"
    ),
    "dataclass, class method": (
        f"import json\n{DATACLASS}@dataclass\nclass Settings:\n    user_num: str\n    @classmethod\n"
        '    def load(cls):\n        with open("model_config.json") as file:\n'
        "            return cls(**json.load(file))\nSettings.load()"
    ),
    "dataclass, one given": (
        f"{DATACLASS}@dataclass\nclass Settings:\n    user_num: str\n    device: str\n{JSON}"
        'Settings(**config, device="cpu")'
    ),
    "dataclass, another file is loaded too": (
        f"{DATACLASS}@dataclass\nclass Settings:\n    user_num: str\n    config: dict | None = None\n{JSON}"
        "Settings(**config)\ndef other(value):\n    return json.loads('{}')"
    ),
    "dataclass, a copy of the configuration": (
        f"{DATACLASS}@dataclass\nclass Settings:\n    user_num: str\n{JSON}values = dict(config)\nSettings(**values)"
    ),
    "named tuple": (
        "from typing import NamedTuple\nclass Settings(NamedTuple):\n    user_num: str\n    dropout: float = 0.0\n"
        f"{JSON}Settings(**config)"
    ),
    "named tuple, in one line": (
        "from typing import NamedTuple\nclass Settings(NamedTuple): user_num: str; a: int = 1\n"
        f"{JSON}Settings(**config)"
    ),
    "attrs": f"import attrs\n@attrs.define\nclass Settings:\n    user_num: str\n{JSON}Settings(**config)",
    "attrs, private": (
        f"from attrs import define\n@define\nclass Settings:\n    _user_num: str\n{JSON}Settings(**config)"
    ),
    "attrs, attr.ib": (
        "import attr\n@attr.s\nclass Settings:\n    user_num = attr.ib()\n    layers = attr.ib(default=3)\n"
        f"    late = attr.ib()\n    @late.default\n    def _late(self):\n        return 1\n{JSON}Settings(**config)"
    ),
    "attrs, alias": (
        'import attrs\n@attrs.frozen(kw_only=True)\nclass Settings:\n    users: str = attrs.field(alias="user_num")\n'
        f"    layers: int = attrs.field(factory=int)\n{JSON}Settings(**config)"
    ),
    "pydantic": f"{PYDANTIC}{PLAIN}{JSON}Settings(**config)",
    "pydantic, model_validate": f"{PYDANTIC}{PLAIN}{JSON}Settings.model_validate(config, strict=True)",
    "pydantic, the configuration's name is its option's": (
        f"from pydantic import BaseModel, ConfigDict\n{PLAIN}    model_config = ConfigDict(frozen=True)\n"
        'import json\nmodel_config = json.load(open("model_config.json"))\nSettings(**model_config)'
    ),
    "pydantic, text": (
        f'import pathlib\n{PYDANTIC}{PLAIN}Settings.model_validate_json(pathlib.Path("model_config.json").read_text())'
    ),
    "pydantic, text of a file": (
        f'{PYDANTIC}{PLAIN}with open("model_config.json") as file:\n    Settings.model_validate_json(file.read())'
    ),
    "pydantic, alias": (
        f'{PYDANTIC}class Settings(BaseModel):\n    users: str = Field(alias="user_num")\n{JSON}Settings(**config)'
    ),
    "pydantic, validation alias": (
        f"{PYDANTIC}from pydantic import AliasChoices\nclass Settings(BaseModel):\n"
        '    users: str = Field(..., validation_alias=AliasChoices("user_num", "users", "n"))\n'
        f"{JSON}Settings.model_validate(config)"
    ),
    "pydantic, annotated": (
        f"from typing import Annotated\n{PYDANTIC}class Settings(BaseModel):\n"
        f'    users: Annotated[str, Field(alias="user_num", min_length=1)]\n{JSON}Settings(**config)'
    ),
    "pydantic, derived": (
        f"{PYDANTIC}class Base(BaseModel, extra='ignore'):\n    user_num: str\n"
        f"class Settings(Base):\n    rest: int = Field(default=1)\n    more: list[int] = Field(default_factory=list)\n"
        f"{JSON}Settings(**config)"
    ),
    "pydantic, validators of fields": (
        f"{PYDANTIC}from pydantic import field_validator, model_validator\n{PLAIN}"
        "    @field_validator('user_num')\n    @classmethod\n    def check(cls, value):\n        return value\n"
        "    @model_validator(mode='after')\n    def whole(self):\n        return self\n"
        f"{JSON}Settings(**config)"
    ),
    "namespace": f"{NAMESPACE}{JSON}config = SimpleNamespace(**config)\nprint(config.user_num)",
    "namespace, by its module": f"import types\n{JSON}values = types.SimpleNamespace(**config)\nprint(values.user_num)",
    "namespace of argparse": f"import argparse\n{JSON}args = argparse.Namespace(**config)\nprint(args.user_num)",
    "namespace, loaded in the call": (
        'import json\nfrom types import SimpleNamespace as Bag\nbag = Bag(**json.load(open("model_config.json")))\n'
        "print(bag.user_num)"
    ),
    "namespace, as a hook": (
        f"{NAMESPACE}import json\n"
        'config = json.load(open("model_config.json"), object_hook=lambda one: SimpleNamespace(**one))\n'
        "print(config.user_num)"
    ),
    "namespace, getattr": f"{NAMESPACE}{JSON}args = SimpleNamespace(**config)\ngetattr(args, 'user_num')",
    "namespace, some given": (
        f"{NAMESPACE}{JSON}args = SimpleNamespace(**config, device='cpu')\nprint(args.device, args.user_num)"
    ),
    "typed dictionary": (
        "from typing import TypedDict\nimport json\nclass Settings(TypedDict):\n    user_num: str\n"
        'config: Settings = Settings(**json.load(open("model_config.json")))\nconfig["user_num"]'
    ),
    "cast": (
        "from typing import TypedDict, cast\nimport json\nclass Settings(TypedDict):\n    user_num: str\n    other: int"
        '\nconfig = cast(Settings, json.load(open("model_config.json")))\nconfig["user_num"]'
    ),
    "no name at all": 'import json\njson.load(open("model_config.json"))["user_num"]',
}
"""These fail without `user_num` in the configuration, which all of them load, and with it do not."""

SILENT = {
    "a default": f"{DATACLASS}@dataclass\nclass Settings:\n    user_num: int = 1\n{JSON}Settings(**config)",
    "a default factory": (
        f"{DATACLASS}@dataclass\nclass Settings:\n    user_num: list = field(default_factory=list)\n"
        f"{JSON}Settings(**config)"
    ),
    "given in the call": f"{PYDANTIC}{PLAIN}{JSON}Settings(**config, user_num=1)",
    "another decorator": (
        f"from dataclasses_json import dataclass_json\n{DATACLASS}@dataclass_json\n@dataclass\nclass Settings:\n"
        f"    user_num: int\n{JSON}Settings(**config)"
    ),
    "another base": (
        f"from base import Base\n{DATACLASS}@dataclass\nclass Settings(Base):\n    user_num: int\n"
        f"{JSON}Settings(**config)"
    ),
    "defaults from outside": (
        "from typing import NamedTuple\nclass Settings(NamedTuple):\n    user_num: int\n"
        f"Settings.__new__.__defaults__ = (1,)\n{JSON}Settings(**config)"
    ),
    "two bases of the file": (
        f"{PYDANTIC}class One(BaseModel):\n    user_num: int\nclass Two(BaseModel):\n    user_num: int = 1\n"
        f"class Settings(Two, One): ...\n{JSON}Settings(**config)"
    ),
    "what field() is given stands elsewhere": (
        f"from base import OPTIONS\n{DATACLASS}@dataclass\nclass Settings:\n    user_num: int = field(**OPTIONS)\n"
        f"{JSON}Settings(**config)"
    ),
    "another class in a method": (
        f"import json\nfrom base import Other\n{DATACLASS}@dataclass\nclass Settings:\n    user_num: int\n"
        '    @classmethod\n    def load(cls):\n        return Other(**json.load(open("model_config.json")))'
    ),
    "an instance in a method": (
        f"import json\n{DATACLASS}@dataclass\nclass Settings:\n    user_num: int\n"
        "    def __call__(self, **given): ...\n"
        '    def load(self):\n        return self(**json.load(open("model_config.json")))'
    ),
    "attrs takes what is made by its field() only": (
        "import attrs\n@attrs.define\nclass Settings:\n    user_num: int\n    other = attrs.field()\n"
        f"{JSON}Settings(**config)"
    ),
    "another base of a model": (
        f"from base import BaseModel\nclass Settings(BaseModel):\n    user_num: int\n{JSON}Settings(**config)"
    ),
    "two bases": (
        f"from base import Mixin\n{PYDANTIC}class Settings(Mixin, BaseModel):\n    user_num: int\n"
        f"{JSON}Settings(**config)"
    ),
    "a metaclass": (
        f"from base import Meta\n{DATACLASS}@dataclass\nclass Settings(metaclass=Meta):\n    user_num: int\n"
        f"{JSON}Settings(**config)"
    ),
    "a metaclass of a model": (
        f"from base import Meta\n{PYDANTIC}class Settings(BaseModel, metaclass=Meta):\n    user_num: int\n"
        f"{JSON}Settings(**config)"
    ),
    "a class with branches": (
        f"import os\n{DATACLASS}@dataclass\nclass Settings:\n    user_num: int\n    if os.name == 'nt':\n"
        f"        user_num: int = 1\n{JSON}Settings(**config)"
    ),
    "its own __init__": (
        f"{DATACLASS}@dataclass\nclass Settings:\n    user_num: int\n    def __init__(self, **given): ...\n"
        f"{JSON}Settings(**config)"
    ),
    "init=False": (f"{DATACLASS}@dataclass(init=False)\nclass Settings:\n    user_num: int\n{JSON}Settings(**config)"),
    "the class is bound twice": (
        f"{DATACLASS}try:\n    from settings import Settings\nexcept ImportError:\n"
        "    @dataclass\n    class Settings:\n"
        f"        user_num: int\n{JSON}Settings(**config)"
    ),
    "the decorator is of another library": (
        f"from other import dataclass\n@dataclass\nclass Settings:\n    user_num: int\n{JSON}Settings(**config)"
    ),
    "the decorator is of one library or of another": (
        "try:\n    from dataclasses import dataclass\nexcept ImportError:\n    from other import dataclass\n"
        f"@dataclass\nclass Settings:\n    user_num: int\n{JSON}Settings(**config)"
    ),
    "a subclass may be meant": (
        f"import json\n{DATACLASS}@dataclass\nclass Settings:\n    user_num: int\n    @classmethod\n"
        '    def load(cls):\n        return cls(**json.load(open("model_config.json")))\n'
        "@dataclass\nclass More(Settings):\n    user_num: int = 1"
    ),
    "settings of the environment": (
        f"from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    user_num: int\n"
        f"{JSON}Settings(**config)"
    ),
    "optional": (
        f"from typing import Optional\n{PYDANTIC}class Settings(BaseModel):\n    user_num: Optional[int]\n"
        f"{JSON}Settings(**config)"
    ),
    "or None": f"{PYDANTIC}class Settings(BaseModel):\n    user_num: int | None\n{JSON}Settings(**config)",
    "a type that may bring a default": (
        f"from types_of_mine import Count\n{PYDANTIC}class Settings(BaseModel):\n    user_num: Count\n"
        f"{JSON}Settings(**config)"
    ),
    "an annotation that brings one": (
        f"from typing import Annotated\n{PYDANTIC}class Settings(BaseModel):\n"
        f"    user_num: Annotated[int, Field(default=3)]\n{JSON}Settings(**config)"
    ),
    "a computed alias": (
        f"{PYDANTIC}class Settings(BaseModel):\n    user_num: int = Field(alias=NAME)\n{JSON}Settings(**config)"
    ),
    "a generator of aliases": (
        f"from pydantic import ConfigDict\nfrom pydantic.alias_generators import to_camel\n{PYDANTIC}{PLAIN}"
        f"    model_config = ConfigDict(alias_generator=to_camel)\n{JSON}Settings(**config)"
    ),
    "a validator that comes first": (
        f"from pydantic import model_validator\n{PYDANTIC}{PLAIN}    @model_validator(mode='before')\n"
        "    @classmethod\n    def fill(cls, values):\n        return {'user_num': '1', **values}\n"
        f"{JSON}Settings(**config)"
    ),
    "a validator that comes first, of a base": (
        f"from pydantic import root_validator\n{PYDANTIC}class Base(BaseModel):\n    @root_validator(pre=True)\n"
        "    def fill(cls, values):\n        return values\nclass Settings(Base):\n    user_num: int\n"
        f"{JSON}Settings(**config)"
    ),
    "options from elsewhere": (
        f"from base import options\n{PYDANTIC}{PLAIN}    model_config = options\n{JSON}Settings(**config)"
    ),
    "options with a base": (
        f"from base import Options\n{PYDANTIC}{PLAIN}    class Config(Options):\n        pass\n{JSON}Settings(**config)"
    ),
    "by other names": f"{PYDANTIC}{PLAIN}{JSON}Settings.model_validate(config, by_name=True)",
    "unchecked": f"{PYDANTIC}{PLAIN}{JSON}Settings.model_construct(**config)",
    "defaults in the call": f"{PYDANTIC}{PLAIN}{JSON}Settings(**DEFAULTS, **config)",
    "defaults below": f"{PYDANTIC}{PLAIN}{JSON}Settings(**{{**DEFAULTS, **config}})",
    "defaults in a copy": f"{PYDANTIC}{PLAIN}{JSON}values = dict(config, **DEFAULTS)\nSettings(**values)",
    "completed before": f"{PYDANTIC}{PLAIN}{JSON}config.update(DEFAULTS)\nSettings(**config)",
    "completed by a function": f"{PYDANTIC}{PLAIN}{JSON}complete(config)\nSettings(**config)",
    "what a function returns": f"{PYDANTIC}{PLAIN}{JSON}Settings(**complete(config))",
    "what a function loads": (f"from files import load\n{PYDANTIC}{PLAIN}Settings(**load('model_config.json'))"),
    "one key set": f"{PYDANTIC}{PLAIN}{JSON}config['user_num'] = 1\nSettings(**config)",
    "one key set by default": f"{PYDANTIC}{PLAIN}{JSON}config.setdefault('user_num', 1)\nSettings(**config)",
    "another file": f"{PYDANTIC}{PLAIN}" + JSON.replace("model_config", "other") + "Settings(**config)",
    "not reached": f"{PYDANTIC}{PLAIN}{JSON}if config:\n    Settings(**config)",
    "caught": f"{PYDANTIC}{PLAIN}{JSON}try:\n    Settings(**config)\nexcept ValueError:\n    pass",
    "a typed dictionary": (
        f"from typing import TypedDict\nclass Settings(TypedDict):\n    user_num: int\n{JSON}Settings(**config)"
    ),
    "a namespace that is set": f"{NAMESPACE}{JSON}a = SimpleNamespace(**config)\na.user_num = 1\nprint(a.user_num)",
    "a namespace that is asked": (
        f"{NAMESPACE}{JSON}a = SimpleNamespace(**config)\nprint(hasattr(a, 'user_num'))\nprint(a.user_num)"
    ),
    "a namespace with a default": f"{NAMESPACE}{JSON}a = SimpleNamespace(**config)\ngetattr(a, 'user_num', 1)",
    "a namespace that is handed on": (
        f"{NAMESPACE}{JSON}a = SimpleNamespace(**config)\ncomplete(a)\nprint(a.user_num)"
    ),
    "a namespace whose dictionary is handed on": (
        f"{NAMESPACE}{JSON}a = SimpleNamespace(**config)\nvars(a).update(DEFAULTS)\nprint(a.user_num)"
    ),
    "a namespace of what is completed before": (
        f"{NAMESPACE}{JSON}config.update(DEFAULTS)\na = SimpleNamespace(**config)\nprint(a.user_num)"
    ),
    "a namespace's own dictionary": (
        f"{NAMESPACE}{JSON}a = SimpleNamespace(**config)\na.__dict__.update(DEFAULTS)\nprint(a.user_num)"
    ),
    "a hook that makes something else": (
        "import json\nfrom base import Namespace\n"
        'config = json.load(open("model_config.json"), object_hook=lambda one: Namespace(**one))\nconfig.user_num'
    ),
    "set in a function, before the name is bound again": (
        f"{NAMESPACE}{JSON}def complete():\n    config['user_num'] = 1\ncomplete()\n"
        "config = SimpleNamespace(**config)\nconfig.user_num"
    ),
    "changed in a function, before the name is bound again": (
        f"{NAMESPACE}{JSON}def complete():\n    change(config)\ncomplete()\n"
        "config = SimpleNamespace(**config)\nconfig.user_num"
    ),
    "used in a function, before the name is bound again": (
        f"from base import Defaults\n{JSON}def use():\n    return config['user_num']\nconfig = Defaults(**config)"
    ),
    "now one, now the other": (
        f"{NAMESPACE}import json\nif x:\n    config = json.load(open('model_config.json'))\n"
        "else:\n    config = SimpleNamespace(**json.load(open('model_config.json')))\nprint(config['user_num'])"
    ),
    "a namespace of another library": (
        f"from other import SimpleNamespace\n{JSON}a = SimpleNamespace(**config)\nprint(a.user_num)"
    ),
    "a namespace with other values": (f"{NAMESPACE}{JSON}a = SimpleNamespace(**DEFAULTS, **config)\nprint(a.user_num)"),
    "an unknown class by the same name": (
        f"from base import Defaults\n{JSON}config = Defaults(**config)\ndef use():\n    return config['user_num']"
    ),
    "a function by the same name": f"{JSON}config = complete(config)\nconfig['user_num']",
    "a hook that gives defaults": (
        "import json, collections\n"
        'config = json.load(open("model_config.json"), object_hook=lambda one: collections.defaultdict(int, one))\n'
        'config["user_num"]'
    ),
    "only an annotation": (
        f"{DATACLASS}@dataclass\nclass Settings:\n    user_num: int\n{JSON}def use(settings: Settings): ..."
    ),
    "nothing of the configuration": (
        f"{DATACLASS}@dataclass\nclass Settings:\n    user_num: int\n{JSON}Settings(**OTHER)\nSettings(1)"
    ),
}
"""Of these it cannot be known whether `user_num` must be there."""
