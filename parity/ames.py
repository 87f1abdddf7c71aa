"""R² of the pipeline of examples/ames.ts in scikit-learn, for the figure quoted there."""
import pathlib

import pandas as pd
from sklearn.compose import make_column_transformer, make_column_selector
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

data = pd.read_csv(pathlib.Path(__file__).parent.parent / "examples/data/ames.csv")
x, y = data.drop(columns=["Order", "PID", "price"]), data["price"]
x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.2, random_state=42)
model = make_pipeline(
    make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), make_column_selector(dtype_include="number")),
        (
            make_pipeline(SimpleImputer(strategy="constant", fill_value="none"), OneHotEncoder(handle_unknown="ignore")),
            make_column_selector(dtype_exclude="number"),
        ),
    ),
    Ridge(alpha=1),
).fit(x_train, y_train)
print(r2_score(y_test, model.predict(x_test)))
